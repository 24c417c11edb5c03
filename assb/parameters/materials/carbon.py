"""Conductive carbon and binder."""

from assb.parameters.entry import assumed

MATERIAL = {
    "density [g.cm-3]": assumed(2.0, "true density of carbon black, 1.8-2.1 g/cm3 in data sheets"),
    "binder density [g.cm-3]": assumed(1.2, "typical rubber binder; PTFE is 2.2"),
}
