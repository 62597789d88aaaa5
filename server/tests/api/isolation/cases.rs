//! What is asked of each server function. A new one without a case fails the test by name.

/// What a case sends: `{slug}`, `{app}`, `{member}`, `{invitation}` and `{request}` stand for what belongs to somebody else.
pub type Case = (&'static str, &'static [(&'static str, &'static str)]);

/// Server functions that name something of a workspace.
pub const SCOPED: &[Case] = &[
    (
        "register_app",
        &[
            ("slug", "{slug}"),
            ("name", "x"),
            ("client_type", "public"),
            ("redirect_uris", "https://x.example/"),
            ("id_token_alg", "ES256"),
        ],
    ),
    (
        "update_app",
        &[
            ("slug", "{slug}"),
            ("id", "{app}"),
            ("name", "x"),
            ("redirect_uris", "https://x.example/"),
            ("id_token_alg", "ES256"),
        ],
    ),
    (
        "set_app_state",
        &[("slug", "{slug}"), ("id", "{app}"), ("state", "disabled")],
    ),
    ("rotate_app_secret", &[("slug", "{slug}"), ("id", "{app}")]),
    ("end_workspace", &[("slug", "{slug}"), ("confirmation", "{slug}")]),
    ("restore_workspace", &[("slug", "{slug}")]),
    (
        "offer_ownership",
        &[("slug", "{slug}"), ("address", "owner@acme.example")],
    ),
    ("withdraw_ownership_offer", &[("slug", "{slug}")]),
    ("accept_ownership", &[("slug", "{slug}"), ("id", "{member}")]),
    ("decline_ownership", &[("slug", "{slug}"), ("id", "{member}")]),
    (
        "update_workspace",
        &[("slug", "{slug}"), ("name", "Pwned"), ("admission", "open")],
    ),
    (
        "update_sign_in_policy",
        &[
            ("slug", "{slug}"),
            ("methods[]", "email"),
            ("two_factors", "true"),
        ],
    ),
    ("set_models", &[("slug", "{slug}"), ("added", "Testkey 5")]),
    (
        "change_role",
        &[("slug", "{slug}"), ("id", "{member}"), ("role", "member")],
    ),
    ("remove_member", &[("slug", "{slug}"), ("id", "{member}")]),
    ("leave_workspace", &[("slug", "{slug}")]),
    (
        "invite",
        &[
            ("slug", "{slug}"),
            ("addresses", "x@example.com"),
            ("role", "member"),
        ],
    ),
    ("resend_invitation", &[("slug", "{slug}"), ("id", "{invitation}")]),
    (
        "withdraw_invitation",
        &[("slug", "{slug}"), ("id", "{invitation}")],
    ),
    ("accept_invitation", &[("slug", "{slug}"), ("id", "{invitation}")]),
    (
        "decline_invitation",
        &[("slug", "{slug}"), ("id", "{invitation}")],
    ),
    ("create_role", &[("slug", "{slug}"), ("name", "x")]),
    (
        "create_app_role",
        &[("slug", "{slug}"), ("id", "{app}"), ("name", "x")],
    ),
    (
        "save_roles",
        &[
            ("slug", "{slug}"),
            ("versions[]", "{role} 1"),
            ("grants[]", "{role} app:read"),
        ],
    ),
    (
        "rename_role",
        &[("slug", "{slug}"), ("id", "{role}"), ("name", "x")],
    ),
    ("delete_role", &[("slug", "{slug}"), ("id", "{role}")]),
    (
        "set_member_roles",
        &[("slug", "{slug}"), ("id", "{member}"), ("roles[]", "{role}")],
    ),
    ("create_group", &[("slug", "{slug}"), ("name", "x")]),
    (
        "rename_group",
        &[("slug", "{slug}"), ("id", "{group}"), ("name", "x")],
    ),
    ("delete_group", &[("slug", "{slug}"), ("id", "{group}")]),
    (
        "set_group_roles",
        &[("slug", "{slug}"), ("id", "{group}"), ("roles[]", "{role}")],
    ),
    (
        "add_to_group",
        &[
            ("slug", "{slug}"),
            ("id", "{group}"),
            ("addresses", "owner@acme.example"),
        ],
    ),
    (
        "remove_from_group",
        &[("slug", "{slug}"), ("id", "{group}"), ("member", "{member}")],
    ),
    ("claim_domain", &[("slug", "{slug}"), ("domain", "x.example")]),
    ("check_domain", &[("slug", "{slug}"), ("domain", "{domain}")]),
    (
        "set_domain_joining",
        &[
            ("slug", "{slug}"),
            ("domain", "{domain}"),
            ("joining", "everybody"),
        ],
    ),
    (
        "set_workspace_host",
        &[("slug", "{slug}"), ("domain", "{domain}")],
    ),
    ("remove_domain", &[("slug", "{slug}"), ("domain", "{domain}")]),
    ("join_or_request", &[("slug", "{slug}"), ("request", "{request}")]),
    ("withdraw_join_request", &[("slug", "{slug}")]),
    ("approve_join_request", &[("slug", "{slug}"), ("id", "{member}")]),
    ("decline_join_request", &[("slug", "{slug}"), ("id", "{member}")]),
    (
        "change_members",
        &[
            ("slug", "{slug}"),
            ("ids[]", "{member}"),
            ("change", "remove"),
            ("value", ""),
        ],
    ),
    (
        "end_app_session",
        &[
            ("slug", "{slug}"),
            ("id", "{member}"),
            ("grant", "grt_01920000000070008000000000000042"),
        ],
    ),
    (
        "end_app_sessions",
        &[("slug", "{slug}"), ("id", "{member}"), ("reason", "x")],
    ),
    (
        "begin_recovery",
        &[("slug", "{slug}"), ("id", "{member}"), ("reason", "x")],
    ),
    ("withdraw_recovery", &[("slug", "{slug}"), ("id", "{member}")]),
    (
        "open_support",
        &[("slug", "{slug}"), ("reason", "x"), ("hours", "8")],
    ),
    ("close_support", &[("slug", "{slug}")]),
    (
        "update_branding",
        &[
            ("slug", "{slug}"),
            ("accent", "#123456"),
            ("login_text", "x"),
            ("support", ""),
        ],
    ),
    ("remove_logo", &[("slug", "{slug}")]),
    (
        "create_connection",
        &[
            ("slug", "{slug}"),
            ("preset", "google"),
            ("name", "x"),
            ("client_id", "x"),
            ("client_secret", "x"),
            ("provisioning", "members"),
        ],
    ),
    (
        "update_connection",
        &[
            ("slug", "{slug}"),
            ("id", "{connection}"),
            ("name", "x"),
            ("client_id", "x"),
            ("provisioning", "members"),
        ],
    ),
    (
        "set_connection_state",
        &[("slug", "{slug}"), ("id", "{connection}"), ("state", "disabled")],
    ),
    (
        "delete_connection",
        &[
            ("slug", "{slug}"),
            ("id", "{connection}"),
            ("confirmation", "Harbour ID"),
        ],
    ),
    ("unlink_connection", &[("slug", "{slug}"), ("id", "{connection}")]),
    ("end_session", &[("session", "{session}")]),
    ("rename_passkey", &[("passkey", "{passkey}"), ("name", "x")]),
    ("remove_passkey", &[("passkey", "{passkey}")]),
    (
        "begin_passkey_sign_in",
        &[("slug", "{slug}"), ("request", "{request}")],
    ),
    (
        "forget_browser",
        &[("trusted", "tbr_01920000000070008000000000000042")],
    ),
    ("disconnect_app", &[("slug", "{slug}"), ("id", "{app}")]),
];

/// What only operators may do: a member of a workspace, the owner included, is told that there is no platform.
pub const FOR_OPERATORS: &[Case] = &[
    (
        "update_platform",
        &[("creation", "operators"), ("default_admission", "open")],
    ),
    ("update_platform_sign_in", &[("methods[]", "email")]),
    ("set_platform_models", &[("added", "Testkey 5")]),
    ("disable_user", &[("id", "{member}")]),
    ("enable_user", &[("id", "{member}")]),
    ("end_user_sessions", &[("id", "{member}")]),
    ("begin_user_recovery", &[("id", "{member}"), ("reason", "x")]),
    ("withdraw_user_recovery", &[("id", "{member}")]),
    (
        "end_user_session",
        &[("id", "{member}"), ("session", "{session}"), ("reason", "x")],
    ),
    ("suspend_workspace", &[("slug", "{slug}"), ("reason", "x")]),
    ("resume_workspace", &[("slug", "{slug}")]),
    (
        "set_host_passkeys",
        &[
            ("slug", "{slug}"),
            ("host", "login.acme.example"),
            ("work", "true"),
        ],
    ),
    (
        "appoint_owner",
        &[("slug", "{slug}"), ("address", "owner@evil.example")],
    ),
];

/// Server functions that name nothing of a workspace, or what is public by design: a login page shows the workspace's name.
pub const UNSCOPED: &[&str] = &[
    "add_address",
    "add_passkey",
    "begin_adding_passkey",
    "begin_totp",
    "confirm_totp",
    "confirm_address",
    "create_workspace",
    "delete_account",
    "disown_session",
    "end_other_sessions",
    "forget_browsers",
    "keep_account",
    "list_places",
    "make_recovery_codes",
    "make_address_primary",
    "put_off_passkey",
    "redeem_code",
    "redeem_magic_link",
    "redeem_passkey",
    "redeem_password",
    "redeem_recovery",
    "redeem_recovery_code",
    "redeem_second_factor",
    "remove_totp",
    "remove_address",
    "remove_password",
    "request_magic_link",
    "restore_address",
    "remove_picture",
    "set_display_name",
    "set_password",
    "set_preferences",
    "sign_out",
    "sign_out_everywhere",
    "stop_own_recovery",
    "stop_recovery",
    "verify_address",
];

/// What asks for no permission: leaving, answering what was sent to oneself, one's own sessions and apps; restoring looks for the permission itself, since nobody enters a workspace that ends.
pub const FOR_EVERYBODY: &[&str] = &[
    "accept_invitation",
    "accept_ownership",
    "begin_passkey_sign_in",
    "decline_invitation",
    "decline_ownership",
    "disconnect_app",
    "end_session",
    "forget_browser",
    "join_or_request",
    "leave_workspace",
    "remove_passkey",
    "rename_passkey",
    "restore_workspace",
    "unlink_connection",
    "withdraw_join_request",
];
