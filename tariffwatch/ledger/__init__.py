"""The ledger: files -> actions. Reading, validation with positions, overlay."""
