"""Compiled back end: any PyBaMM lithium-ion model as a fast C simulator.

>>> fast = compile_model(model, parameter_values, inputs=[...], outputs=["Voltage [V]"])  # doctest: +SKIP
>>> protocol = Protocol.from_steps([(3600, 5.0), (600, 0.0)])  # doctest: +SKIP
>>> fast.simulate(protocol, {"Positive particle radius [m]": 5e-6})  # doctest: +SKIP
"""

from .compiler import CompilerError
from .model import CompiledModel, compile_model
from .protocol import Protocol

__all__ = ["CompiledModel", "CompilerError", "Protocol", "compile_model"]
