"""ONNX Runtime, kept from telling its makers about this machine: whoever needs it imports it from here.

Loaded as it comes, version 1.32 for Linux writes an identity of the machine into the user's cache folder and sends it
to Microsoft with processor, memory and system. It looks at the variable while it is loaded: nothing later helps.
"""

import os

os.environ.setdefault("ORT_DISABLE_TELEMETRY", "1")

import onnxruntime
from onnxruntime.capi.onnxruntime_pybind11_state import Fail

onnxruntime.disable_telemetry_events()  # what builds for Windows trace

__all__ = ["Fail", "onnxruntime"]
