"""The mistakes of `core.wrong_products` once more, worked out by hand."""

from typing import Any

import numpy as np


def worked_out(v: dict[str, Any], layout: str, eta: float) -> dict[str, dict[str, Any]]:
    """Every mistake once more, by hand, where N and all layers are of one size."""
    A, W, b, dZ = v["A"], v["W"], v["b"], v["dZ"]
    column, elementwise = b.reshape(-1, 1), np.multiply(dZ, A)
    rows_db = {
        "other_axis": np.sum(dZ, 1),
        "no_axis": np.sum(dZ),
        "column": b - eta * np.sum(dZ, 0).reshape(-1, 1),
    }
    if layout == "columns":
        return {
            "Z[2]": {
                "transposed": W.T.dot(A) + column,
                "swapped": A.dot(W) + column,
                "bias_row": W.dot(A) + b,
            },
            "dW[2]": {
                "no_transpose": dZ.dot(A),
                "swapped": A.dot(dZ.T),
                "elementwise": elementwise,
                "column": W - eta * A.dot(dZ.T),
            },
            "db[2]": {
                "other_axis": np.sum(dZ, 0),
                "no_axis": np.sum(dZ),
                "column": b - eta * np.sum(dZ, 1).reshape(-1, 1),
            },
            "dA[1]": {"no_transpose": W.dot(dZ), "swapped": dZ.dot(W.T)},
        }
    if layout == "rows_in_out":
        return {
            "Z[2]": {
                "transposed": A.dot(W.T) + b,
                "swapped": W.dot(A) + b,
                "bias_column": A.dot(W) + column,
            },
            "dW[2]": {
                "no_transpose": A.dot(dZ),
                "swapped": dZ.T.dot(A),
                "elementwise": elementwise,
                "column": W - eta * dZ.T.dot(A),
            },
            "db[2]": rows_db,
            "dA[1]": {"no_transpose": dZ.dot(W), "swapped": W.T.dot(dZ)},
        }
    dA, slope, outputs, Y = v["dA"], v["slope"], v["outputs"], v["Y"]
    return {
        "Z[2]": {
            "no_transpose": A.dot(W) + b,
            "swapped": W.T.dot(A) + b,
            "bias_column": A.dot(W.T) + column,
        },
        "dW[2]": {
            "no_transpose": dZ.dot(A),
            "swapped": A.T.dot(dZ),
            "elementwise": elementwise,
            "column": W - eta * A.T.dot(dZ),
        },
        "db[2]": rows_db,
        "dA[1]": {"transposed": dZ.dot(W.T), "swapped": W.dot(dZ)},
        "dZ[1]": {
            "matrix_product": dA.dot(slope),
            "kronecker": np.einsum("ij,kl->ikjl", dA, slope).reshape(9, 9),
            "no_slope": dA,
        },
        "dA[2]": {
            "flat_targets": (outputs - Y[:, 0]) / 3,
            "column_targets": (outputs - Y[:, 0].reshape(-1, 1)) / 3,
        },
    }
