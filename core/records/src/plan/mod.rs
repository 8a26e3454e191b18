//! Plans: what ought to happen, as Automerge documents. The one module that touches Automerge.
