"""What a user sets: zone, ledger folders of their own, reminders and their channels."""
