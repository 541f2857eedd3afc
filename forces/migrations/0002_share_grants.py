"""What one force shares with another: two tables that no login touches, and the functions that act for who connects.

Each function runs with the owner's rights and looks at `session_user`, which neither SET ROLE nor injected SQL changes:
who owns a session grants, ends and reads what it grants; the guest reads what it is granted and takes its notices.
A force that is in use no longer grants nothing and is granted nothing, and still ends what it granted before.
"""

import django.db.models.deletion
import uuid
from django.db import migrations, models

FUNCTIONS = r"""
CREATE FUNCTION public.share_me() RETURNS text LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$
    SELECT schema_name::text FROM public.forces_force WHERE 'force_' || schema_name = session_user
$$;

CREATE FUNCTION public.share_grant(p_id uuid, p_guest text, p_session uuid, p_reference text, p_purpose text,
    p_has_chat boolean, p_by text, p_by_name text, p_at timestamptz, p_ends timestamptz)
RETURNS SETOF public.forces_sharegrant LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF (SELECT count(*) FROM public.forces_force
            WHERE schema_name IN (public.share_me(), p_guest) AND state = 'active') <> 2 THEN
        RAISE EXCEPTION 'a share is between two active forces' USING errcode = 'insufficient_privilege';
    END IF;
    RETURN QUERY INSERT INTO public.forces_sharegrant (id, owner, guest, session_id, reference, purpose, has_chat,
            granted_by, granted_by_name, granted_at, ends_at, end_reason)
        VALUES (p_id, public.share_me(), p_guest, p_session, p_reference, p_purpose, p_has_chat,
            p_by, p_by_name, p_at, p_ends, '')
        RETURNING *;
END $$;

CREATE FUNCTION public.share_end(p_id uuid, p_at timestamptz, p_reason text)
RETURNS SETOF public.forces_sharegrant LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    UPDATE public.forces_sharegrant SET ended_at = p_at, end_reason = p_reason
    WHERE id = p_id AND owner = public.share_me() AND ended_at IS NULL RETURNING *
$$;

CREATE FUNCTION public.share_given(p_sessions uuid[])
RETURNS SETOF public.forces_sharegrant LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT * FROM public.forces_sharegrant
    WHERE owner = public.share_me() AND session_id = ANY (p_sessions) ORDER BY granted_at
$$;

CREATE FUNCTION public.share_given_one(p_id uuid)
RETURNS SETOF public.forces_sharegrant LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT * FROM public.forces_sharegrant WHERE id = p_id AND owner = public.share_me()
$$;

CREATE FUNCTION public.share_overdue(p_now timestamptz)
RETURNS SETOF public.forces_sharegrant LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT * FROM public.forces_sharegrant
    WHERE owner = public.share_me() AND ended_at IS NULL AND ends_at <= p_now
$$;

CREATE FUNCTION public.share_received()
RETURNS SETOF public.forces_sharegrant LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT * FROM public.forces_sharegrant
    WHERE guest = public.share_me() AND ended_at IS NULL ORDER BY granted_at
$$;

CREATE FUNCTION public.share_received_one(p_id uuid)
RETURNS SETOF public.forces_sharegrant LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT * FROM public.forces_sharegrant WHERE id = p_id AND guest = public.share_me()
$$;

CREATE FUNCTION public.share_erase(p_session uuid, p_text text)
RETURNS integer LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    WITH erased AS (
        UPDATE public.forces_sharegrant SET purpose = p_text
        WHERE owner = public.share_me() AND session_id = p_session RETURNING 1
    ) SELECT count(*)::integer FROM erased
$$;

CREATE FUNCTION public.share_notify(p_grant uuid, p_kind text, p_disclosure uuid, p_at timestamptz, p_detail jsonb)
RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    INSERT INTO public.forces_sharenotice (grant_id, kind, disclosure_id, at, detail)
        SELECT id, p_kind, p_disclosure, p_at, p_detail FROM public.forces_sharegrant
        WHERE id = p_grant AND owner = public.share_me();
    IF NOT FOUND THEN
        RAISE EXCEPTION 'this is nobody''s share to speak of' USING errcode = 'insufficient_privilege';
    END IF;
END $$;

-- A notice is taken by one transaction alone: whoever looks meanwhile passes it over, and gets it when that one fails.
CREATE FUNCTION public.share_take_notices(p_now timestamptz, p_most integer)
RETURNS TABLE (grant_id uuid, owner text, kind text, disclosure_id uuid, at timestamptz, detail jsonb, reference text,
    end_reason text)
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    WITH waiting AS (
        SELECT n.id FROM public.forces_sharenotice n JOIN public.forces_sharegrant g ON g.id = n.grant_id
        WHERE n.taken_at IS NULL AND g.guest = public.share_me()
        ORDER BY n.id LIMIT p_most FOR UPDATE OF n SKIP LOCKED
    ), taken AS (
        UPDATE public.forces_sharenotice n SET taken_at = p_now FROM waiting w WHERE n.id = w.id RETURNING n.*
    )
    SELECT t.grant_id, g.owner::text, t.kind::text, t.disclosure_id, t.at, t.detail, g.reference::text,
        g.end_reason::text
    FROM taken t JOIN public.forces_sharegrant g ON g.id = t.grant_id ORDER BY t.id
$$;
"""

# Functions are everybody's unless they are taken; tables of `public` are the platform's, which sees no force's data.
RIGHTS = r"""
DO $$
DECLARE made regprocedure;
BEGIN
    FOR made IN SELECT p.oid::regprocedure FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
        WHERE n.nspname = 'public' AND p.proname LIKE 'share\_%' LOOP
        EXECUTE format('REVOKE ALL ON FUNCTION %s FROM PUBLIC', made);
    END LOOP;
END $$;
REVOKE ALL ON public.forces_sharegrant, public.forces_sharenotice FROM sightline_platform;
"""

UNDO = r"""
DO $$
DECLARE made regprocedure;
BEGIN
    FOR made IN SELECT p.oid::regprocedure FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
        WHERE n.nspname = 'public' AND p.proname LIKE 'share\_%' LOOP
        EXECUTE format('DROP FUNCTION %s', made);
    END LOOP;
END $$;
"""


class Migration(migrations.Migration):

    dependencies = [
        ('forces', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='ShareGrant',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('owner', models.CharField(help_text='Schema of the force whose session it is', max_length=31)),
                ('guest', models.CharField(help_text='Schema of the force that may watch', max_length=31)),
                ('session_id', models.UUIDField()),
                ('reference', models.CharField(help_text="The incident's reference, all that is told of it", max_length=64)),
                ('purpose', models.CharField(max_length=300)),
                ('has_chat', models.BooleanField(default=False, help_text='Whether the guest reads the messages, too')),
                ('granted_by', models.CharField(max_length=64)),
                ('granted_by_name', models.CharField(blank=True, max_length=150)),
                ('granted_at', models.DateTimeField()),
                ('ends_at', models.DateTimeField()),
                ('ended_at', models.DateTimeField(blank=True, null=True)),
                ('end_reason', models.CharField(blank=True, max_length=16)),
            ],
            options={
                'ordering': ('-granted_at',),
                'indexes': [models.Index(fields=['owner', 'session_id'], name='share_owner_session'), models.Index(fields=['guest', 'granted_at'], name='share_guest'), models.Index(condition=models.Q(('ended_at', None)), fields=['owner', 'ends_at'], name='share_due')],
                'constraints': [models.CheckConstraint(condition=models.Q(('owner', models.F('guest')), _negated=True), name='share_between_two'), models.CheckConstraint(condition=models.Q(models.Q(('end_reason', ''), ('ended_at', None)), models.Q(('ended_at__isnull', False), models.Q(('end_reason', ''), _negated=True)), _connector='OR'), name='share_ended_has_reason'), models.UniqueConstraint(condition=models.Q(('ended_at', None)), fields=('owner', 'session_id', 'guest'), name='share_once')],
            },
        ),
        migrations.CreateModel(
            name='ShareNotice',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('kind', models.CharField(max_length=8)),
                ('disclosure_id', models.UUIDField(help_text='The id that both audits hold')),
                ('at', models.DateTimeField()),
                ('detail', models.JSONField(default=dict)),
                ('taken_at', models.DateTimeField(blank=True, null=True)),
                ('grant', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='notices', to='forces.sharegrant')),
            ],
            options={
                'ordering': ('id',),
                'indexes': [models.Index(condition=models.Q(('taken_at', None)), fields=['grant'], name='share_notice_waits')],
            },
        ),
        migrations.RunSQL(FUNCTIONS, UNDO),
        migrations.RunSQL(RIGHTS, migrations.RunSQL.noop),
    ]
