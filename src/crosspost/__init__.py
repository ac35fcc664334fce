"""crosspost: publishes a site's new articles to its social channels, nothing twice and nothing lost."""

__version__ = "0.1.0"
