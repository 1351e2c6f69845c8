# The pages that the programs serve: bundled from pages/ by esbuild and compressed, then embedded (cmake/embed.cmake).
find_program(NODE_PROGRAM node REQUIRED)
find_program(NPM_PROGRAM npm REQUIRED)

set(node_pages window gate display)
set(page_outputs "")
foreach(page IN LISTS node_pages)
  foreach(kind IN ITEMS html js css)
    list(APPEND page_outputs ${CMAKE_BINARY_DIR}/pages/${page}.${kind}.gz)
  endforeach()
endforeach()

file(GLOB_RECURSE page_sources CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/pages/*.ts ${CMAKE_SOURCE_DIR}/pages/*.tsx
  ${CMAKE_SOURCE_DIR}/pages/*.css ${CMAKE_SOURCE_DIR}/pages/*.mjs)
list(FILTER page_sources EXCLUDE REGEX "/(node_modules|generated)/")
add_custom_command(
  OUTPUT ${page_outputs}
  COMMAND ${CMAKE_SOURCE_DIR}/pages/make ${CMAKE_BINARY_DIR}/pages ${node_pages}
  DEPENDS ${page_sources} ${CMAKE_SOURCE_DIR}/pages/make ${CMAKE_SOURCE_DIR}/pages/package-lock.json
          ${CMAKE_SOURCE_DIR}/schemas/words/text.cpp
  COMMENT "Bundling the pages"
  VERBATIM)
gatehouse_embed(edge_shell pages ${page_outputs})
