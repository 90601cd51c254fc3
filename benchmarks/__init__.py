"""Speed beside peers; run with `make benchmark`, never part of the tests."""

import os

# One thread for every contender, before one of them loads its BLAS.
for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[name] = "1"
