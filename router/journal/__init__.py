"""Reading a tenant's journal: one tail, fanned out in memory, resumed without a gap."""
