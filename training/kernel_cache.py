"""A smaller cache of kernels: oneDNN keeps one for each shape of batch, and a training meets hundreds."""

import os

VARIABLE = "DNNL_PRIMITIVE_CACHE_CAPACITY"
KERNELS = "300"


def keep_few_kernels() -> None:
    """Let oneDNN, which multiplies for torch on CPUs, keep 300 kernels instead of 1,024; a capacity of yours stays.

    It is read when the first product is made, so this comes before. It costs no time; whether trainings grow less with
    it is not shown (docs/training.md has what was seen).
    """
    os.environ.setdefault(VARIABLE, KERNELS)
