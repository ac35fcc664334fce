"""For all tests: hypothesis fails nothing for having taken long, which says more of the machine than of the code."""

from hypothesis import settings

settings.register_profile("suite", deadline=None)
settings.load_profile("suite")
