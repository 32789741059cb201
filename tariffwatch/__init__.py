"""tariffwatch: tariff deadlines, read from a ledger of tariff actions as law.

Importing this package loads neither Rich nor any exporter.
"""

__version__ = "0.1.0"
