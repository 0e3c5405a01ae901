package main

import (
	"fmt"
	"image/color"
	"math"
	"os"
	"strconv"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
	"gonum.org/v1/plot/vg/vgsvg"
)

// axes are the panels of the plot.
var axes = []struct{ name, label string }{
	{"width", "width w of w-w-w, batch 32"},
	{"depth", "layers of 32 neurons, batch 32"},
	{"batch", "samples in a batch of 784-30-10"},
}

// colours that people who don't tell red from green tell apart.
var colours = []color.Color{
	color.RGBA{0x9c, 0x4a, 0x00, 0xff}, color.RGBA{0x00, 0x5a, 0xb5, 0xff}, color.RGBA{0x40, 0xb0, 0xe0, 0xff},
}

// picture plots the curves, a panel for each axis, all on one scale of cost.
func picture(path string, points []point) error {
	low, high := math.Inf(1), 0.0
	for _, p := range points {
		low, high = min(low, p.each), max(high, p.each)
	}
	canvas := vgsvg.New(12*vg.Inch, 4.5*vg.Inch)
	panels := make([]*plot.Plot, len(axes))
	for i, axis := range axes {
		p, err := panel(curves(points, axis.name), i == 1)
		if err != nil {
			return err
		}
		p.X.Label.Text = axis.label
		p.Y.Min, p.Y.Max = math.Pow(10, math.Floor(math.Log10(low))), math.Pow(10, math.Ceil(math.Log10(high)))
		panels[i] = p
	}
	const margin = 4 * vg.Millimeter
	tiles := draw.Tiles{Cols: len(axes), Rows: 1, PadX: margin, PadTop: 3 * margin, PadBottom: margin, PadLeft: margin, PadRight: margin}
	page := draw.New(canvas)
	page.SetColor(color.White)
	page.Fill(page.Rectangle.Path())
	// The label of all three vertical axes: gonum makes room for one at the cost of
	// the panel that has it.
	style := panels[0].X.Label.TextStyle
	style.XAlign = draw.XLeft
	page.FillText(style, vg.Point{X: 2 * margin, Y: page.Max.Y - 2*margin}, "ns for each multiply-add of a training step")
	for i, p := range panels {
		p.Draw(tiles.At(page, i, 0))
	}
	f, err := os.Create(path)
	if err != nil {
		return err
	}
	if _, err := canvas.WriteTo(f); err != nil {
		f.Close()
		return err
	}
	return f.Close()
}

// panel draws curves on logarithmic axes; if named, there is room to name them.
func panel(list []curve, named bool) (*plot.Plot, error) {
	p := plot.New()
	p.X.Scale, p.Y.Scale = plot.LogScale{}, plot.LogScale{}
	p.X.Tick.Marker, p.Y.Tick.Marker = powersOfTwo{}, plot.LogTicks{Prec: -1}
	p.Legend.Top, p.Legend.Left, p.Legend.XOffs = true, true, vg.Millimeter
	p.Add(plotter.NewGrid())
	for i, c := range list {
		xys := make(plotter.XYs, len(c.points))
		for j, point := range c.points {
			xys[j] = plotter.XY{X: float64(point.value), Y: point.each}
		}
		line, marks, err := plotter.NewLinePoints(xys)
		if err != nil {
			return nil, err
		}
		line.Color, marks.Color = colours[i%len(colours)], colours[i%len(colours)]
		line.Width, marks.Radius, marks.Shape = vg.Points(1.5), vg.Points(2), draw.CircleGlyph{}
		p.Add(line, marks)
		if named {
			p.Legend.Add(fmt.Sprintf("%s, threads: %d", c.program, c.threads), line, marks)
		}
	}
	return p, nil
}

// powersOfTwo labels every other power of two.
type powersOfTwo struct{}

func (powersOfTwo) Ticks(from, to float64) []plot.Tick {
	var ticks []plot.Tick
	for x, i := 1.0, 0; x <= to; x, i = 2*x, i+1 {
		if x < from {
			continue
		}
		tick := plot.Tick{Value: x}
		if i%2 == 0 {
			tick.Label = strconv.Itoa(int(x))
		}
		ticks = append(ticks, tick)
	}
	return ticks
}
