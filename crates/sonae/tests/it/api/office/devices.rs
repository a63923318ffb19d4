//! Devices through the interface: everything described happens.

use serde_json::json;

use super::everything::Walk;
use super::{Asked, open};

const DEVICES: &str = "/api/v1/cases/{receipt_number}/devices";
const TOKEN: &str = "/api/v1/cases/{receipt_number}/devices/{id}/token";
const END: &str = "/api/v1/cases/{receipt_number}/devices/{id}/end";

#[tokio::test]
async fn everything_described_of_devices_happens() {
    let (office, number) = open().await;
    let mut walk = Walk::new(office).await;
    let list = format!("/api/v1/cases/{number}/devices");
    let none = "/api/v1/cases/R6-222-222/devices";
    let good = json!({ "kind": "edr", "product": "見本", "serial": "S1", "from": "2024-06-01", "to": "2024-12-31" });
    let mut early = good.clone();
    early["to"] = json!("2024-05-01");
    let large = vec![b' '; 70_000];
    let post = |path: &str| Asked::post(path, json!({}));
    let register = Asked::post(&list, good.clone());
    for trial in [
        (DEVICES, Asked::get(&list), 200),
        (DEVICES, Asked::get(none), 404),
        (DEVICES, Asked::post(none, good.clone()), 404),
        (DEVICES, Asked::post(&list, early), 422),
        (DEVICES, Asked::post(&list, json!({ "kind": "edr" })), 422),
        (DEVICES, register.clone().bytes(b"{"), 400),
        (DEVICES, register.clone().bytes(&large), 413),
        (DEVICES, register.clone().of_kind("text/plain"), 415),
        (TOKEN, post(&format!("{list}/x/token")), 404),
        (END, post(&format!("{list}/x/end")), 404),
    ] {
        walk.send(trial).await;
    }
    let made = walk.send((DEVICES, register, 201)).await.json();
    let id = made["id"].as_str().expect("an id").to_owned();
    assert!(
        made["token"]
            .as_str()
            .expect("a token")
            .starts_with("sonae_source_")
    );
    let listed = walk.send((DEVICES, Asked::get(&list), 200)).await.json();
    let device = &listed["devices"][0];
    assert_eq!(
        (&device["id"], &device["state"]),
        (&json!(id), &json!("open"))
    );
    assert_eq!(
        (&device["lines"], &device["heard_at"]),
        (&json!(0), &json!(null))
    );
    let (token, end) = (format!("{list}/{id}/token"), format!("{list}/{id}/end"));
    let renewed = walk.send((TOKEN, post(&token), 200)).await.json();
    assert_ne!(renewed["token"], made["token"]);
    for trial in [
        (END, post(&end), 200),
        (END, post(&end), 409),
        (TOKEN, post(&token), 409),
    ] {
        walk.send(trial).await;
    }
    walk.finish(|path| path.contains("/devices"));
}
