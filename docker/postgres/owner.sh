#!/bin/bash
# Runs once, when the database's volume is new: an owner that is no superuser, and its database.
set -euo pipefail
psql --quiet --no-psqlrc --set ON_ERROR_STOP=1 --username postgres \
    --set password="$(cat /run/secrets/database_owner_password)" <<'SQL'
CREATE ROLE casework_owner LOGIN CREATEDB CREATEROLE PASSWORD :'password';
-- Reads past the row policies, which the owner cannot hand on; without a password nobody logs in.
CREATE ROLE casework_backup LOGIN NOINHERIT BYPASSRLS;
CREATE DATABASE casework OWNER casework_owner;
REVOKE CONNECT ON DATABASE postgres FROM PUBLIC;
SQL
