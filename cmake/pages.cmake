# The pages that the programs serve: bundled from pages/ by esbuild and compressed, then embedded (cmake/embed.cmake).
find_program(NODE_PROGRAM node REQUIRED)
find_program(NPM_PROGRAM npm REQUIRED)

set(node_pages window gate display operations)
set(central_pages central)

# The three compressed files of each page.
function(gatehouse_page_files result)
  set(files "")
  foreach(page IN LISTS ARGN)
    foreach(kind IN ITEMS html js css)
      list(APPEND files ${CMAKE_BINARY_DIR}/pages/${page}.${kind}.gz)
    endforeach()
  endforeach()
  set(${result} ${files} PARENT_SCOPE)
endfunction()

gatehouse_page_files(node_page_files ${node_pages})
gatehouse_page_files(central_page_files ${central_pages})

file(GLOB_RECURSE page_sources CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/pages/*.ts ${CMAKE_SOURCE_DIR}/pages/*.tsx
  ${CMAKE_SOURCE_DIR}/pages/*.css ${CMAKE_SOURCE_DIR}/pages/*.mjs)
list(FILTER page_sources EXCLUDE REGEX "/(node_modules|generated)/")
add_custom_command(
  OUTPUT ${node_page_files} ${central_page_files}
  COMMAND ${CMAKE_SOURCE_DIR}/pages/make ${CMAKE_BINARY_DIR}/pages ${node_pages} ${central_pages}
  DEPENDS ${page_sources} ${CMAKE_SOURCE_DIR}/pages/make ${CMAKE_SOURCE_DIR}/pages/package-lock.json
          ${CMAKE_SOURCE_DIR}/schemas/words/text.cpp ${CMAKE_SOURCE_DIR}/schemas/words/why_words.cpp
          ${CMAKE_SOURCE_DIR}/schemas/words/pages.json
  COMMENT "Bundling the pages"
  VERBATIM)
gatehouse_embed(edge_shell pages ${node_page_files})
gatehouse_embed(sync_shell central_pages ${central_page_files})
