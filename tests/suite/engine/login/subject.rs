//! The subject of ID tokens.

use mpass_core::service::Reason;

use super::authorize::is_refusal;
use super::{
    Changes, DEVICE, OTHER_DEVICE, Scene, client_settings, json, location, signed_claims,
    with_another_end,
};

#[test]
fn who_a_client_knows_is_the_same_each_time_and_nobody_elses() {
    let scene = Scene::default();
    let subject = |scene: &Scene, device, changes: Changes<'_>| {
        let (_, answer) = location(&scene.visit(device, changes));
        let tokens = json(&scene.redeem(&answer["code"], &[]));
        let id_token = tokens["id_token"].as_str().unwrap().to_string();
        let claims = signed_claims(scene, &id_token);
        (claims["sub"].as_str().unwrap().to_string(), id_token)
    };
    let (first, hint) = subject(&scene, DEVICE, &[]);
    assert_eq!(subject(&scene, DEVICE, &[]).0, first);
    assert_ne!(subject(&scene, OTHER_DEVICE, &[]).0, first);
    let (other, other_hint) = subject(&Scene::new(client_settings("other")), DEVICE, &[]);
    assert_ne!(other, first);

    // Even an expired hint identifies whom the client expects.
    scene.world.pass(86_400_000);
    assert_eq!(
        subject(&scene, DEVICE, &[("id_token_hint", Some(&hint))]).0,
        first
    );
    let changed = with_another_end(&hint);
    for (device, hint) in [
        (OTHER_DEVICE, hint.as_str()),
        (DEVICE, &other_hint),
        (DEVICE, "garbage"),
        (DEVICE, &changed),
    ] {
        let reply = scene.visit(device, &[("id_token_hint", Some(hint))]);
        is_refusal(&reply, "login_required", Reason::OtherSubject);
    }
}
