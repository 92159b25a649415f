//! Pages, on both engines.
