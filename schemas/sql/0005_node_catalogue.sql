-- The newest catalogue that central knows each node to hold, by what the node acknowledged. Not a projection: what
-- machines said over their connections.
CREATE TABLE node_catalogue (
    node INTEGER PRIMARY KEY,
    version INTEGER NOT NULL,
    wall INTEGER NOT NULL      -- when the node said so
) STRICT;
