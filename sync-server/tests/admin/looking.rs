use serde_json::json;

use crate::support::Folder;

#[test]
fn a_record_is_shown_to_whose_it_is_to_see_and_the_auditor_reads_of_it() {
    let folder = Folder::with_county();
    let number = folder.parcels(1).remove(0);
    assert_eq!(folder.admin(&["show", &number]).code(), "as_missing");
    assert_eq!(folder.by("D01", &["show", &number]).code(), "why_missing");
    assert_eq!(
        folder.by("D01", &["show", &number, "--why", "  "]).code(),
        "why_missing"
    );
    for person in ["C03", "L01", "A01", "M01"] {
        assert_eq!(
            folder.look(person, &["show", &number]).code(),
            "not_theirs_to_see",
            "{person}"
        );
    }
    assert_eq!(folder.audited(), [] as [&str; 0]);
    let shown = folder.by("D01", &["show", &number, "--why", "收件人来电"]).done();
    assert_eq!(shown["plan"]["fields"]["name"], "收件人");
    // A phone number is the carrier's and the counter's, not the office's.
    assert!(!shown.to_string().contains("12400000001"));
    let at_the_counter = folder.look("K01", &["show", &number]).done();
    assert_eq!(
        at_the_counter["facts"][0]["sides"]["phone"],
        json!(["12400000001"])
    );

    let entries = folder.by("A01", &["audit", "list"]).done();
    assert_eq!(
        (&entries[0]["what"], &entries[0]["why"]),
        (&json!("record_shown"), &json!("收件人来电"))
    );
    assert_eq!(entries[0]["record"], shown["record"]);
    assert_eq!(entries.as_array().unwrap().len(), 2);
    let after = folder
        .by(
            "A01",
            &["audit", "list", "--after", &entries[0]["entry"].to_string()],
        )
        .done();
    assert_eq!(after.as_array().unwrap().len(), 1);
    for person in ["D01", "M01", "C01"] {
        assert_eq!(
            folder.by(person, &["audit", "list"]).code(),
            "role_may_not",
            "{person}"
        );
    }
}
