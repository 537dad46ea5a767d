"""The shelf: what there is around us, from languages and places to services, donors and grants."""
