CREATE INDEX scans_by_document ON scans (document_id);
