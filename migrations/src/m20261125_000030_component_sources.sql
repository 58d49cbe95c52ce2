CREATE INDEX components_by_source ON components (source_name, source_version);
