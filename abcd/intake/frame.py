"""What a cleaned row of somebody's file looks like before it becomes an asset."""

from abcd.core.frames import Column, Contract

ROWS_IN_A_CHUNK = 65_536
"""Rows that are read, cleaned and staged together."""

ASSET_FRAME = Contract(
    "asset rows",
    (
        Column("row", "integer", "row of the file, the first row of data being 1"),
        Column("reject", "text", "why this row cannot become an asset; empty when it can"),
        Column("name", "text", "name as published, tidied"),
        Column("is_named", "yes or no", "false when the file gives no name and the category stands for it"),
        Column("name_cy", "text", "name in Welsh"),
        Column("description", "text", "what it is, in the publisher's words"),
        Column("asset_kind", "text", "one of the six kinds"),
        Column("category", "text", "slug of a term of the taxonomy"),
        Column("category_by", "text", "what said so: file, column, name, description, nothing"),
        Column("confidence", "number", "how sure the category is, 0 to 1"),
        Column("reference", "text", "the publisher's own reference for the row"),
        Column("easting", "number", "metres east on the British National Grid (a point inside, for shapes)"),
        Column("northing", "number", "metres north on the British National Grid"),
        Column("geom", "shape", "WKB of a line or area in EPSG:27700; none for points"),
        Column("located_by", "text", "geometry, coordinates, grid reference, text; empty when not located yet"),
        Column("precision_m", "number", "how far the true place may be from the point, metres"),
        Column("address", "text", "address in one line"),
        Column("postcode", "text", "full postcode as 'M16 7AA'"),
        Column("postcode_by", "text", "where the postcode was found: column or address"),
        Column("uprn", "integer", "unique property reference number"),
        Column("place_name", "text", "town, ward or area named in the row"),
        Column("serves", "text", "area that the row says it serves"),
        Column("phone", "text", "telephone number as text, UK spacing"),
        Column("email", "text", "e-mail address"),
        Column("website", "text", "web address with its scheme"),
        Column("opening_hours", "text", "opening times as published, on one line per statement"),
        Column("open_grid", "integer", "21 bits: bit 3 * weekday + part, Monday 0, morning 0"),
        Column("weekday", "text", "the day this row is about, when the file has one row per weekday: mo to su"),
        Column("cost", "text", "what it costs, in the publisher's words"),
        Column("organisation", "text", "who runs or owns it"),
        Column("status", "text", "active, inactive, defunct, temporarily closed, planned"),
        Column("assured_on", "text", "when the publisher last looked, as YYYY-MM-DD"),
        Column("is_sensitive", "yes or no", "a place whose address must not be shown"),
        Column("facilities", "text", "JSON object of the yes/no columns: true or false"),
        Column("extra", "text", "JSON object of the columns kept as they are"),
        Column("row_key", "integer", "hash of the whole row: the same for exact repeats"),
        Column("fold_key", "integer", "hash without weekday and times: the same for one asset's seven days"),
    ),
)
"""One row per row of the file, none dropped. Text is never null; ``reject`` says when a row cannot be used."""
