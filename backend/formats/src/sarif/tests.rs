//! The mapping of SARIF logs, data in, data out.
