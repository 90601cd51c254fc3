"""Speed beside peers; run with `make benchmark`, never part of the tests."""
