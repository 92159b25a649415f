# lake：提问与数据文件之间可能出的问题
error-lake-file = 数据湖的文件无法读写：{ $path }
error-lake-file-hint = 请检查文件夹是否存在、程序是否有写入权限。
error-lake-disk-full = { $path } 所在磁盘已满，未写完的文件已撤回。
error-lake-disk-full-hint = 腾出空间后重新运行。
error-lake-not-parquet = { $path } 不是可读的 Parquet 文件。
error-lake-not-parquet-hint = 请检查文件是否完整；复制中断的文件会出现这种情况。
error-lake-no-column = 缺少“{ $column }”列。
error-lake-no-column-hint = 请核对列名，或指定正确的列。
error-lake-column-type = “{ $column }”列的类型是 { $found }，需要 { $wanted }。
error-lake-column-type-hint = 请把该列改为 { $wanted } 后重新生成文件。
error-lake-memory = 这个问题需要的内存超出数据湖的上限。
error-lake-memory-hint = 在配置中调高 `lake.memory`，或缩短查询的月份范围。
error-lake-engine = 向数据湖提问失败。
error-lake-engine-hint = 这是程序的问题，原因已写入日志。
error-lake-cancelled = 操作已取消。
error-lake-cancelled-hint = 没有任何改动，可随时重新开始。
