pub(super) use saddlebag_records::plan::claimed;
