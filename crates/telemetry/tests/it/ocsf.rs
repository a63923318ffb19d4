//! Every sample that is a finding becomes a Detection Finding that OCSF takes.

use std::fs;

use serde_json::{Value, json};
use sonae_telemetry::detection::Record;
use sonae_telemetry::formats::{self, Format};
use sonae_telemetry::ocsf::{Circumstances, finding};
use sonae_telemetry::time::Receipt;

use crate::golden::{each, folders, logs};

fn circumstances<'a>(format: Option<Format>, raw: &'a str) -> Circumstances<'a> {
    Circumstances {
        uid: "line-1",
        company: "c001",
        format,
        received_us: 1_780_358_400_000_000,
        raw: Some(raw),
    }
}

/// Required by the class and the objects it has, version 1.3.0.
const REQUIRED: [&str; 14] = [
    "/activity_id",
    "/category_uid",
    "/class_uid",
    "/finding_info/uid",
    "/finding_info/analytic/type_id",
    "/metadata/product/vendor_name",
    "/metadata/product/name",
    "/metadata/version",
    "/severity_id",
    "/time",
    "/type_uid",
    "/action_id",
    "/disposition_id",
    "/raw_data",
];

#[test]
fn samples_become_detection_findings() {
    let mut findings = 0;
    for (_, folder) in folders() {
        for file in logs(&folder) {
            each(&fs::read(&file).expect("a sample"), |line, reading| {
                let Record::Detection(found) = &reading.record else {
                    return;
                };
                findings += 1;
                let event = finding(found, &circumstances(reading.format, line));
                for path in REQUIRED {
                    assert!(
                        event.pointer(path).is_some_and(|value| !value.is_null()),
                        "{path} is missing: {event}"
                    );
                }
                assert!(event["time"].as_i64() > Some(1_700_000_000_000), "{event}");
                for evidence in event["evidences"].as_array().into_iter().flatten() {
                    for end in ["src_endpoint", "dst_endpoint"] {
                        let end = &evidence[end];
                        assert!(
                            end.is_null() || end.get("ip").or(end.get("hostname")).is_some(),
                            "{event}"
                        );
                    }
                }
            });
        }
    }
    assert!(findings > 60, "the samples have {findings} findings");
}

#[test]
fn a_finding_is_written_as_ocsf_says() {
    let line = r#"{"timestamp":"2026-06-01T09:00:01.000000+0900","event_type":"alert","src_ip":"203.0.113.66","src_port":50444,"dest_ip":"192.0.2.10","dest_port":443,"alert":{"action":"allowed","gid":1,"signature_id":2,"signature":"EXAMPLE","category":"Misc Attack","severity":2},"verdict":{"action":"drop"},"http":{"hostname":"www.example.jp","url":"/a/b"},"host":"sensor-a"}"#;
    let reading = formats::read(line, None, Receipt::in_japan(1_780_358_400_000_000));
    let Record::Detection(found) = &reading.record else {
        panic!("it is a finding")
    };
    let mut event = finding(found, &circumstances(reading.format, line));
    assert_eq!(event["raw_data"].take(), line);
    let expected = json!({
        "activity_id": 1, "activity_name": "Create", "category_uid": 2, "category_name": "Findings",
        "class_uid": 2004, "class_name": "Detection Finding", "type_uid": 200_401, "type_name": "Detection Finding: Create",
        "time": 1_780_272_001_000_i64, "severity_id": 3, "severity": "Medium", "action_id": 2, "disposition_id": 2, "count": 1,
        "message": "EXAMPLE", "raw_data": Value::Null,
        "metadata": {
            "version": "1.3.0", "profiles": ["host", "security_control"], "product": {"name": "Suricata", "vendor_name": "OISF"},
            "logged_time": 1_780_358_400_000_i64, "tenant_uid": "c001",
        },
        "finding_info": {
            "uid": "line-1", "title": "EXAMPLE", "types": ["Misc Attack"],
            "analytic": {"uid": "1:2", "name": "EXAMPLE", "type_id": 1, "type": "Rule"},
        },
        "device": {"uid": "sensor-a", "name": "sensor-a", "type_id": 0},
        "evidences": [{
            "src_endpoint": {"ip": "203.0.113.66", "port": 50444}, "dst_endpoint": {"ip": "192.0.2.10", "port": 443},
            "file": {"name": "b", "path": "www.example.jp/a/b", "type_id": 0},
        }],
        "unmapped": {"action": "drop", "severity": "2"},
    });
    assert_eq!(event, expected);
}
