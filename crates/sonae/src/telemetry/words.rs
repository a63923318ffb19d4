//! What people read for the words of detections, as the manual explains them.

use sonae_telemetry::detection::{Action, Severity, Why};

pub const fn severity(one: Severity) -> &'static str {
    match one {
        Severity::Unknown => "不明",
        Severity::Informational => "情報",
        Severity::Low => "低",
        Severity::Medium => "中",
        Severity::High => "高",
        Severity::Critical => "重大",
        Severity::Fatal => "最重大",
    }
}

/// The chip of a severity.
pub const fn severity_chip(one: Severity) -> &'static str {
    match one {
        Severity::Unknown | Severity::Informational => "neutral",
        Severity::Low => "info",
        Severity::Medium => "warning",
        Severity::High | Severity::Critical | Severity::Fatal => "error",
    }
}

pub const fn action(one: Action) -> &'static str {
    match one {
        Action::Unknown => "不明",
        Action::Blocked => "遮断",
        Action::Allowed => "許可",
        Action::Detected => "検知のみ",
        Action::Other => "そのほか",
    }
}

pub const fn why(one: Why) -> &'static str {
    match one {
        Why::Format => "知らない形式",
        Why::Broken => "途中で切れた行",
        Why::TooLong => "長すぎる行",
        Why::Encoding => "読めない文字",
    }
}
