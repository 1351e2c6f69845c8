# The four areas. In each, core code and shell code are separate libraries: the core one never sees Asio, so its
# files compile in a second, and the layer test (tests/tidy) keeps it that way.
function(gatehouse_sources result)
  set(files "")
  foreach(folder IN LISTS ARGN)
    file(GLOB_RECURSE found CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/${folder}/*.cpp)
    list(APPEND files ${found})
  endforeach()
  list(FILTER files EXCLUDE REGEX "_main\\.cpp$")
  set(${result} ${files} PARENT_SCOPE)
endfunction()

function(gatehouse_library target pch)
  gatehouse_sources(files ${ARGN})
  if(NOT files)
    add_library(${target} INTERFACE)
    target_link_libraries(${target} INTERFACE gatehouse_options)
    return()
  endif()
  add_library(${target} STATIC ${files})
  target_link_libraries(${target} PUBLIC gatehouse_options)
  target_precompile_headers(${target} PRIVATE ${CMAKE_SOURCE_DIR}/cmake/${pch}_pch.hpp)
  gatehouse_together(${target})
  if(pch STREQUAL "shell")
    gatehouse_unoptimised(${target})
  endif()
endfunction()

function(gatehouse_links target)
  get_target_property(type ${target} TYPE)
  if(type STREQUAL "INTERFACE_LIBRARY")
    target_link_libraries(${target} INTERFACE ${ARGN})
  else()
    target_link_libraries(${target} PUBLIC ${ARGN})
  endif()
endfunction()

add_library(asio_impl STATIC ${CMAKE_SOURCE_DIR}/cmake/asio_impl.cpp)
target_link_libraries(asio_impl PUBLIC gatehouse_options Boost::headers OpenSSL::SSL OpenSSL::Crypto Threads::Threads)

gatehouse_library(schemas core schemas)
gatehouse_links(schemas PkgConfig::SODIUM PkgConfig::NETTLE PkgConfig::FMT date::date date::date-tz Boost::json Boost::headers CLI11::CLI11)

gatehouse_library(drivers core drivers/link drivers/scanner drivers/turnstile drivers/printer drivers/osdp drivers/catalog)
gatehouse_links(drivers schemas PkgConfig::QRENCODE PkgConfig::NETTLE ${FREETYPE_LINK_LIBRARIES})
# FreeType's headers for the one file that draws text.
set_source_files_properties(${CMAKE_SOURCE_DIR}/drivers/printer/text_picture.cpp PROPERTIES
  INCLUDE_DIRECTORIES "${FREETYPE_INCLUDE_DIRS}")
gatehouse_library(drivers_shell shell drivers/port drivers/emulator)
# Its <asm/termbits.h> and the <termios.h> that Asio brings define the same structs.
set_source_files_properties(${CMAKE_SOURCE_DIR}/drivers/port/custom_baud.cpp PROPERTIES SKIP_PRECOMPILE_HEADERS ON
  SKIP_UNITY_BUILD_INCLUSION ON)
gatehouse_links(drivers_shell drivers asio_impl PkgConfig::SERIALPORT PkgConfig::UDEV PkgConfig::PCSC Threads::Threads
                tomlplusplus::tomlplusplus PkgConfig::FREETYPE PkgConfig::PNG ZXing::ZXing)

gatehouse_library(ledger core sync/ledger)
gatehouse_links(ledger schemas PkgConfig::SQLITE)
gatehouse_library(sync core sync/replication)
gatehouse_links(sync ledger PkgConfig::ZSTD)
gatehouse_library(sync_shell shell sync/link sync/web sync/central)
gatehouse_links(sync_shell sync asio_impl tomlplusplus::tomlplusplus PkgConfig::SPDLOG CLI11::CLI11)

gatehouse_library(edge core edge/ticketing edge/admission edge/station edge/desk)
gatehouse_links(edge schemas drivers sync ledger)
gatehouse_library(journal core edge/journal)
gatehouse_links(journal edge ledger Threads::Threads)
gatehouse_library(edge_shell shell edge/config edge/api edge/daemon edge/cli)
gatehouse_links(edge_shell edge journal sync_shell drivers_shell PkgConfig::SPDLOG tomlplusplus::tomlplusplus CLI11::CLI11)

# Tables of one name each.
file(GLOB words CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/schemas/words/*.cpp)
set_source_files_properties(${words} PROPERTIES SKIP_UNITY_BUILD_INCLUSION ON)

file(GLOB migrations CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/schemas/sql/*.sql)
if(migrations)
  gatehouse_embed(schemas migrations ${migrations})
endif()

# When the software was configured: the least time that a node's clock can truly show. Honours SOURCE_DATE_EPOCH.
string(TIMESTAMP GATEHOUSE_BUILT "%s" UTC)
set_source_files_properties(${CMAKE_SOURCE_DIR}/edge/daemon/node_options.cpp PROPERTIES
  COMPILE_DEFINITIONS "GATEHOUSE_BUILT=${GATEHOUSE_BUILT}")
