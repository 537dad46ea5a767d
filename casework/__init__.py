"""The hall: people, visits, consent, cases and who may see them, services delivered."""
