"""Warranties: the terms, what each home has by them until when, and the certificate that says so."""

from .certificates import Certificate
from .terms import Term, TermQuerySet
from .warranties import Warranty, WarrantyExtension, WarrantyQuerySet

__all__ = ["Certificate", "Term", "TermQuerySet", "Warranty", "WarrantyExtension", "WarrantyQuerySet"]
