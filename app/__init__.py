"""The web application around the core: requests, answers, pages."""

from app import arithmetic

__version__ = "0.1.0"

# Before any other module of the package loads NumPy, which reads its settings but once.
arithmetic.pin()
