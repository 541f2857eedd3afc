"""Welsh: a draft by machine, for a force's own translators to read."""

TEXTS = {
    "skip": "Neidio i’r prif gynnwys",
    "languages": "Y dudalen hon mewn iaith arall",
    "neutral.title": "Nodiadau",
    "exit.button": "Gadael y dudalen hon",
    "exit.keys": "neu pwyswch Shift neu Escape deirgwaith",
    "danger": "Os ydych mewn perygl a heb fod ar y ffôn, ffoniwch 999.",
    "invitation.title": "Mae {force} yn gofyn am eich help",
    "invitation.lead": (
        "Rydych yn siarad ag ystafell reoli’r heddlu. Anfonon nhw’r ddolen hon atoch er mwyn gallu dod o hyd i chi."
    ),
    "invitation.lead_video": (
        "Rydych yn siarad ag ystafell reoli’r heddlu. Anfonon nhw’r ddolen hon atoch er mwyn gallu dod o hyd i chi a "
        "gweld beth sy’n digwydd."
    ),
    "invitation.next": "Beth sy’n digwydd nesaf",
    "invitation.step_read": "Rydych yn darllen beth fyddech yn ei rannu, ac yn dewis.",
    "invitation.step_ask": "Mae eich ffôn yn gofyn i chi cyn rhannu unrhyw beth.",
    "invitation.step_stop": "Gallwch stopio unrhyw bryd.",
    "invitation.nothing_yet": "Does dim yn cael ei rannu eto, a does dim i’w osod. Arhoswch ar eich galwad ffôn.",
    "invitation.no_camera": "Ni all yr ap hwn ddefnyddio eich camera.",
    "invitation.open_elsewhere": "Copïwch y cyfeiriad hwn a’i agor yn Safari neu Chrome, cyn i chi barhau:",
    "invitation.copy": "Copïo’r cyfeiriad",
    "invitation.copied": "Wedi’i gopïo",
    "invitation.continue": "Parhau",
    "invitation.not_police": ("Os nad ydych yn siarad â’r heddlu, caewch y dudalen hon. Mewn argyfwng ffoniwch 999."),
    "safe.title": "Parhewch pan nad oes neb yn edrych",
    "safe.lead": "Gallwch ddarllen y dudalen hon yn nes ymlaen. Does dim yn cael ei rannu eto.",
    "safe.quiet": "Nid yw’r dudalen hon yn gwneud sŵn. Mae’r botwm ar y brig yn ei gadael ar unwaith.",
    "join.title": "Rhowch eich cod",
    "join.error": "Gwall:",
    "join.lead": "Bydd y gweithredwr ar y ffôn yn ei ddarllen i chi.",
    "join.label": "Cod",
    "join.hint": "8 llythyren a rhif, gyda bwlch neu heb fwlch.",
    "error.code_malformed": "Mae gan god 8 llythyren a rhif. Gofynnwch i’r gweithredwr ei ddarllen i chi eto.",
    "error.code_unknown": "Nid yw’r cod hwnnw’n gweithio. Gofynnwch i’r gweithredwr ei ddarllen i chi eto.",
    "error.code_tries_spent": (
        "Methodd gormod o godau. Dywedwch wrth y gweithredwr. Gallwch geisio eto ymhen {minutes} munud, neu agor y "
        "neges destun."
    ),
    "error.unavailable": "Ni ellir cyrraedd rhan o’r gwasanaeth. Ceisiwch eto mewn eiliad.",
    "error.link_unknown": "Nid yw’r ddolen hon yn gweithio. Gofynnwch i’r ystafell reoli am un newydd.",
    "error.link_expired": "Mae’r ddolen hon yn rhy hen. Gofynnwch i’r ystafell reoli am un newydd.",
    "error.link_withdrawn": "Mae’r ddolen hon wedi’i defnyddio. Gofynnwch i’r ystafell reoli am un newydd.",
    "error.link_in_use": (
        "Mae’r ddolen hon yn cael ei defnyddio ar ddyfais neu borwr arall. Gofynnwch i’r ystafell reoli adael yr un "
        "hwn i mewn."
    ),
    "error.link_not_opened": "Agorwch y ddolen yn y neges destun eto.",
    "error.session_over": "Mae’r sesiwn hon ar ben.",
    "error.consent_withdrawn": (
        "Rydych wedi tynnu eich caniatâd yn ôl, felly does dim yn cael ei rannu mwyach ac mae’r ddolen hon wedi dod i "
        "ben. I rannu eto, gofynnwch i’r ystafell reoli am un newydd."
    ),
    "error.no_receipt": "Nid yw’r porwr hwn wedi cytuno i ddim byd yma, neu roedd yn rhy bell yn ôl.",
    "refused.link_unknown": "Nid yw’r ddolen hon yn gweithio",
    "refused.link_expired": "Mae’r ddolen hon yn rhy hen",
    "refused.link_withdrawn": "Mae’r ddolen hon wedi’i defnyddio",
    "refused.link_in_use": "Mae’r ddolen hon ar agor yn rhywle arall",
    "refused.link_not_opened": "Agorwch y ddolen eto",
    "refused.session_over": "Mae hyn ar ben",
    "refused.consent_withdrawn": "Rydych wedi tynnu eich caniatâd yn ôl",
    "refused.no_receipt": "Does dim i’w ddangos",
    "refused.other": "Nid yw hyn yn gweithio",
    "refused.next": "Dywedwch wrth y gweithredwr ar eich galwad ffôn. Gallant anfon dolen arall atoch mewn eiliad.",
    "refused.next_safe": "Gellir anfon dolen newydd atoch mewn eiliad.",
    "refused.code": "Os yw’r gweithredwr yn darllen cod i chi:",
    "refused.code_link": "rhowch ef yma",
    "refused.nothing": "Does dim yn cael ei rannu o’r ffôn hwn.",
    "refused.receipt": "Gweld beth y cytunoch iddo",
    "goodbye.title": "Rydych wedi stopio rhannu",
    "goodbye.lead": "Mae eich camera a’ch lleoliad i ffwrdd. Gallwch gau’r dudalen hon.",
    "goodbye.again": "Os oes angen i chi rannu eto, gofynnwch i’r ystafell reoli am ddolen newydd.",
    "live.title": "Yn cysylltu â’r ystafell reoli…",
    "live.body": "Cadwch y dudalen hon ar agor.",
    "live.safe_title": "Yn llwytho…",
    "live.no_script": (
        "Mae angen JavaScript ar y dudalen hon. Trowch ef ymlaen yng ngosodiadau eich porwr, neu agorwch y ddolen yn "
        "Safari neu Chrome. Tan hynny, arhoswch ar eich galwad ffôn."
    ),
    "missing.title": "Heb ganfod y dudalen",
    "missing.lead": (
        "Does dim yn y cyfeiriad hwn. Os dilynoch ddolen o neges destun, gwiriwch fod y cyfan wedi’i gopïo."
    ),
    "forbidden.title": "Ni chewch wneud hyn",
    "forbidden.lead": "Nid oes gan eich cyfrif yr hawl i weld y dudalen hon nac i wneud hyn.",
    "forbidden.stale": "Mae’r dudalen hon yn rhy hen. Llwythwch hi eto ac ailadroddwch yr hyn a wnaethoch.",
    "forbidden.start": "Mynd i’r dudalen gychwyn",
    "crowded.title": "Gormod o geisiadau",
    "crowded.lead": "Arhoswch funud, yna ceisiwch eto.",
    "broken.title": "Aeth rhywbeth o’i le",
    "broken.lead": (
        "Ein camgymeriad ni yw hyn, nid eich un chi. Ceisiwch eto mewn eiliad. Os ydych ar y ffôn gyda’r ystafell "
        "reoli, arhoswch ar yr alwad."
    ),
    "broken.reference": "Cyfeirnod {reference}",
    "unchanged": "Ni newidiwyd dim.",
    "uncertain": "Collwyd rhan o’r gwasanaeth y foment honno. Edrychwch a gafodd ei wneud cyn i chi ei wneud eto.",
    "receipt.title": "Yr hyn y cytunoch iddo",
    "receipt.lead": "Cytunoch i rannu hyn gyda {force}.",
    "receipt.withdrawn": "Nid yw hyn mewn grym mwyach: daeth i ben ar {time}.",
    "receipt.force": "Heddlu",
    "receipt.reference": "Cyfeirnod",
    "receipt.given": "Cytunwyd ar",
    "receipt.wording": "Geiriad",
    "receipt.version": "Fersiwn {version}, {name}",
    "receipt.scopes": "Cytunoch i",
    "receipt.scope.location": "Eich lleoliad",
    "receipt.scope.video": "Fideo byw o’ch camera",
    "receipt.scope.recording": "Recordio’r fideo",
    "receipt.scope.upload": "Lluniau a fideos yr ydych yn eu dewis ar eich ffôn",
    "receipt.words": "Y geiriau y cytunoch iddynt",
    "receipt.stop": "Sut i stopio, neu dynnu’n ôl",
    "receipt.stop_how": (
        "Pwyswch STOP ar y dudalen sy’n rhannu, neu dywedwch wrth y gweithredwr ar y ffôn. Mae popeth yn stopio ar "
        "unwaith, ac mae’r ddolen yn dod i ben: i rannu eto bydd angen un newydd arnoch."
    ),
    "receipt.contact": "Cwestiynau",
    "receipt.contact_how": (
        "Ffoniwch 101 a rhowch y cyfeirnod uchod, neu gofynnwch i swyddog diogelu data {force}. Mewn argyfwng "
        "ffoniwch "
        "999."
    ),
    "receipt.kept": (
        "Gallwch agor y dudalen hon yn y porwr hwn am 24 awr ar ôl y diwedd. Lawrlwythwch hi i’w chadw’n hirach."
    ),
    "receipt.safe": "Os gall rhywun arall edrych ar y ffôn hwn, peidiwch â chadw copi arno.",
    "receipt.download": "Lawrlwytho",
    "receipt.back": "Mynd yn ôl",
}
