"""lintscale reads how services scale on every platform and says what will go wrong."""

__version__ = "0.1.0"
