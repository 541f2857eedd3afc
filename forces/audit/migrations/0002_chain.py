"""The chain and its guards: one advisory lock per schema, triggers that no session setting switches off."""

from django.db import migrations

CHAIN = r"""
CREATE FUNCTION audit_canonical(e audit_entry) RETURNS jsonb LANGUAGE sql STABLE SET search_path FROM CURRENT AS $$
    SELECT jsonb_build_array(e.seq, (extract(epoch FROM e.at) * 1000000)::bigint, e.actor_kind, e.actor_id,
        e.actor_name, e.actor_role, e.act, e.operation, e.outcome, e.code, e.object_type, e.object_id,
        e.session_id, e.request_id, e.detail)
$$;

CREATE FUNCTION audit_chain() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT AS $$
DECLARE last record;
BEGIN
    -- Held to COMMIT: rows of a schema get their numbers in the order of their commits.
    PERFORM pg_advisory_xact_lock(hashtextextended(tg_table_schema || '.audit', 0));
    SELECT seq, hash INTO last FROM audit_entry ORDER BY seq DESC LIMIT 1;
    NEW.seq := coalesce(last.seq, 0) + 1;
    NEW.at := clock_timestamp();
    NEW.prev := coalesce(last.hash, sha256('genesis'));
    NEW.hash := sha256(NEW.prev || convert_to(audit_canonical(NEW)::text, 'UTF8'));
    RETURN NEW;
END $$;

CREATE FUNCTION audit_deny() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the audit is append-only' USING errcode = 'insufficient_privilege';
END $$;

CREATE TRIGGER audit_chain BEFORE INSERT ON audit_entry FOR EACH ROW EXECUTE FUNCTION audit_chain();
CREATE TRIGGER audit_deny_row BEFORE UPDATE OR DELETE ON audit_entry FOR EACH ROW EXECUTE FUNCTION audit_deny();
CREATE TRIGGER audit_deny_truncate BEFORE TRUNCATE ON audit_entry FOR EACH STATEMENT EXECUTE FUNCTION audit_deny();
-- ALWAYS: they fire for session_replication_role = replica too.
ALTER TABLE audit_entry ENABLE ALWAYS TRIGGER audit_chain;
ALTER TABLE audit_entry ENABLE ALWAYS TRIGGER audit_deny_row;
ALTER TABLE audit_entry ENABLE ALWAYS TRIGGER audit_deny_truncate;
"""

# Default privileges gave the login every right on new tables; the audit takes all but reading and adding back.
REVOKE = """
DO $$
DECLARE login text := CASE WHEN current_schema() = 'public' THEN 'sightline_platform'
                           ELSE 'force_' || current_schema() END;
BEGIN
    EXECUTE format('REVOKE ALL ON audit_entry FROM %I', login);
    EXECUTE format('GRANT SELECT, INSERT ON audit_entry TO %I', login);
END $$;
"""

UNDO = """
DROP TABLE audit_entry CASCADE;
DROP FUNCTION IF EXISTS audit_chain() CASCADE;
DROP FUNCTION IF EXISTS audit_deny() CASCADE;
"""


class Migration(migrations.Migration):
    """Chain, guards and rights of the audit table."""

    dependencies = (("audit", "0001_initial"),)

    operations = (migrations.RunSQL(CHAIN, UNDO), migrations.RunSQL(REVOKE, migrations.RunSQL.noop))
