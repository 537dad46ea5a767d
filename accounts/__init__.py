"""The ground floor: who uses the system, their organizations, teams and roles, what they did."""
