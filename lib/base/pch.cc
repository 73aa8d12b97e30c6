// A target needs a source; this one exists for its precompiled header (see CMakeLists.txt).
