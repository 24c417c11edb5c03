"""Compiled back end: any PyBaMM lithium-ion model as a fast C simulator.

>>> fast = compile_model(model, parameter_values, inputs=[...], outputs=["Voltage [V]"])  # doctest: +SKIP
>>> protocol = Protocol.from_steps([(3600, 5.0), (600, 0.0)])  # doctest: +SKIP
>>> fast.simulate(protocol, {"Positive particle radius [m]": 5e-6})  # doctest: +SKIP
>>> cc_cv = [Step.current(5.0, until=2.5), Step.current(-2.5, until=4.2), Step.voltage(4.2, 0.25)]
>>> fast.cycle(cc_cv, 1000)  # doctest: +SKIP
"""

from .build import compile_model
from .compiler import CompilerError, CompilerWarning
from .model import CompiledModel
from .protocol import Protocol
from .reference import ReferenceModel
from .steps import Cutoff, Step

__all__ = [
    "CompiledModel",
    "CompilerError",
    "CompilerWarning",
    "Cutoff",
    "Protocol",
    "ReferenceModel",
    "Step",
    "compile_model",
]
