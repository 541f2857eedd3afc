"""A share may go with the recording: one more word of the grant, said when it is given.

`share_grant` is made anew, and with it who may call it: nobody but the logins, which get it with the shared rights
after every migration. The other functions return the row as it is.
"""

from django.db import migrations, models

GRANT = r"""
DROP FUNCTION public.share_grant(uuid, text, uuid, text, text, boolean, text, text, timestamptz, timestamptz);

CREATE FUNCTION public.share_grant(p_id uuid, p_guest text, p_session uuid, p_reference text, p_purpose text,
    p_has_chat boolean, p_has_recording boolean, p_by text, p_by_name text, p_at timestamptz, p_ends timestamptz)
RETURNS SETOF public.forces_sharegrant LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF (SELECT count(*) FROM public.forces_force
            WHERE schema_name IN (public.share_me(), p_guest) AND state = 'active') <> 2 THEN
        RAISE EXCEPTION 'a share is between two active forces' USING errcode = 'insufficient_privilege';
    END IF;
    RETURN QUERY INSERT INTO public.forces_sharegrant (id, owner, guest, session_id, reference, purpose, has_chat,
            has_recording, granted_by, granted_by_name, granted_at, ends_at, end_reason)
        VALUES (p_id, public.share_me(), p_guest, p_session, p_reference, p_purpose, p_has_chat,
            p_has_recording, p_by, p_by_name, p_at, p_ends, '')
        RETURNING *;
END $$;

REVOKE ALL ON FUNCTION public.share_grant FROM PUBLIC;
"""

UNDO = r"""
DROP FUNCTION public.share_grant(uuid, text, uuid, text, text, boolean, boolean, text, text, timestamptz, timestamptz);

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

REVOKE ALL ON FUNCTION public.share_grant FROM PUBLIC;
"""


class Migration(migrations.Migration):

    dependencies = [
        ('forces', '0002_share_grants'),
    ]

    operations = [
        migrations.AddField(
            model_name='sharegrant',
            name='has_recording',
            field=models.BooleanField(default=False, help_text='Whether the guest may play what is recorded, too'),
        ),
        migrations.RunSQL(GRANT, UNDO),
    ]
