"""Feeds, pages and pictures from the web: fetched behind one guard, parsed to articles, told apart by identity."""
