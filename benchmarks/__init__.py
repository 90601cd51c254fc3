"""Speed beside peers; run with `make benchmark`, never part of the tests."""

# The kernels that the product computes with, before any contender loads NumPy.
import app  # noqa: F401
