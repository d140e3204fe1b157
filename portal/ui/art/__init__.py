"""The scenes of the site, drawn by code. `python -m portal.ui.art.scenes` writes every .svg again."""
