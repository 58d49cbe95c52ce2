CREATE INDEX detections_by_image ON detections (image_id);
