# One interface target carries the compiler's settings; every other target links it.
add_library(gatehouse_options INTERFACE)
target_include_directories(gatehouse_options INTERFACE ${CMAKE_SOURCE_DIR} ${CMAKE_BINARY_DIR})
target_compile_definitions(gatehouse_options INTERFACE GATEHOUSE_VERSION="${PROJECT_VERSION}"
  # GCC 12 and frame recycling: see docs in sync/link/README.md
  BOOST_ASIO_DISABLE_AWAITABLE_FRAME_RECYCLING BOOST_ASIO_NO_DEPRECATED BOOST_ASIO_SEPARATE_COMPILATION
  BOOST_BEAST_SEPARATE_COMPILATION)
target_compile_options(gatehouse_options INTERFACE -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wsign-conversion
  -Wnon-virtual-dtor -Woverloaded-virtual -Wswitch-enum -Wnull-dereference -Werror
  -ffile-prefix-map=${CMAKE_SOURCE_DIR}=.)
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  # GCC 12 warns wrongly inside its own library when inlining std::string, variant and optional.
  target_compile_options(gatehouse_options INTERFACE -Wno-restrict -Wno-maybe-uninitialized -Wno-null-dereference
    -Wno-array-bounds -Wno-stringop-overflow -Wno-stringop-overread -Wno-dangling-pointer -Wno-free-nonheap-object)
endif()
if(GATEHOUSE_SANITIZE)
  # A check of every pointer's null, alignment, size and type is two fifths of the time g++ takes. AddressSanitizer ends
  # the program on null anyway; the fuzz preset, where the decoders of hostile bytes run, keeps them all.
  target_compile_options(gatehouse_options INTERFACE -fsanitize=address,undefined
    -fno-sanitize=null,alignment,object-size,vptr -fno-sanitize-recover=all -fno-omit-frame-pointer)
  target_link_options(gatehouse_options INTERFACE -fsanitize=address,undefined)
endif()
# Shells and tests wait more than they compute: with sanitizers, optimising them costs more than it brings.
function(gatehouse_unoptimised target)
  if(GATEHOUSE_SANITIZE)
    target_compile_options(${target} PRIVATE -O0)
  endif()
endfunction()
if(GATEHOUSE_TSAN)
  target_compile_options(gatehouse_options INTERFACE -fsanitize=thread -Wno-tsan)
  target_link_options(gatehouse_options INTERFACE -fsanitize=thread)
endif()
if(GATEHOUSE_FUZZ)
  target_compile_options(gatehouse_options INTERFACE -fsanitize=fuzzer-no-link,address,undefined -fno-sanitize=function
    -fno-sanitize-recover=all)
  target_link_options(gatehouse_options INTERFACE -fsanitize=address,undefined)
endif()
# Several sources as one: the headers, which take most of the compiler's time, are read once for all of them. Only where
# everything is compiled once; where one file is edited the other presets are quicker, and see to each file's own includes.
function(gatehouse_together target)
  set_target_properties(${target} PROPERTIES UNITY_BUILD ${GATEHOUSE_TOGETHER} UNITY_BUILD_BATCH_SIZE 8)
  if(GATEHOUSE_TOGETHER AND CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
    # It takes the sources for headers, whose nameless namespaces would differ from file to file.
    target_compile_options(${target} PRIVATE -Wno-subobject-linkage)
  endif()
endfunction()
