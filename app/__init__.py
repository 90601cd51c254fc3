"""The web application around the core: requests, answers, pages."""

__version__ = "0.1.0"
