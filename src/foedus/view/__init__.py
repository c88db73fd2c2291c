"""Charts, the brief on a treaty and the atlas of the system: the record as pictures and documents.

It imports the record, panels and measures. A chart function takes data and a width and gives an Altair chart, usable
alone in a notebook; `brief.compose` and `atlas.compose` give a `Document`, which `page.html` and `typeset.pdf` render.
Nothing is imported here, so that a chart loads only what it needs.
"""
