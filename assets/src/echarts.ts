// Only the parts of ECharts that pages use; loaded when the first chart appears.
import { BarChart, BoxplotChart, CustomChart, LineChart, RadarChart, SankeyChart, ScatterChart } from "echarts/charts";
import { AriaComponent, GraphicComponent, GridComponent, LegendComponent, MarkLineComponent, MarkPointComponent, RadarComponent, TooltipComponent } from "echarts/components";
import { init, use } from "echarts/core";
import { SVGRenderer } from "echarts/renderers";

use([BarChart, BoxplotChart, CustomChart, LineChart, RadarChart, SankeyChart, ScatterChart, AriaComponent, GraphicComponent, GridComponent, LegendComponent, MarkLineComponent, MarkPointComponent, RadarComponent, TooltipComponent, SVGRenderer]);

export { init };
