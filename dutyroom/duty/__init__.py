"""What people do, one transaction each: check privilege, apply the rule, store, append to the ledger."""
